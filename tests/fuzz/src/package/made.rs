//! Packages that are made up from bytes, part by part, each part right or a little wrong. Digests are made of what is there, so that what is refused is refused
//! for what it says.

use arbitrary::{Result, Unstructured};
use guichet_package::{
    Digest, PublisherKey, component,
    tar::{self, Files},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::LazyLock};

/// Who signs.
pub(super) static KEY: LazyLock<PublisherKey> =
    LazyLock::new(|| PublisherKey::from_random([7; 32]));
static OTHER_KEY: LazyLock<PublisherKey> = LazyLock::new(|| PublisherKey::from_random([8; 32]));

const PLAIN: &str = "id = \"acme/triage\"\nversion = \"1.2.0\"\nplatform = \"^0.1\"\n[title]\nen = \"Triage\"\n[[permissions]]\nname = \"records\"\nreason.en = \"Keeps.\"\n";
const LISTENING: &str = "id = \"acme/triage\"\nversion = \"1.2.0-beta.1\"\nplatform = \">=0.1, <0.3\"\ntitle.en = \"Triage\"\n[[events]]\nkind = \"ticket.created\"\n[settings]\ntype = \"object\"\n";

static COMPONENTS: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    [
        "(component (import \"guichet:platform/records@0.1.0\" (instance)))",
        "(component (instance $i) (export \"guichet:platform/event-handler@0.1.0\" (instance $i)))",
        "(component (import \"wasi:cli/exit@0.2.0\" (instance)) (core module) (component))",
    ]
    .map(|text| wat::parse_str(text).expect("a component"))
});

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.wasm.config.v0+json";
const COMPONENT: &str = "application/wasm";
const ASSETS: &str = "application/vnd.guichet.assets.v1.tar";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";
const SIGNATURE: &str = "application/vnd.guichet.signature.v1+json";
const KINDS: &[&str] = &[
    INDEX, MANIFEST, CONFIG, COMPONENT, ASSETS, EMPTY, SIGNATURE, "",
];

/// Paths of assets, and of files that do not belong there.
const PATHS: &[&str] = &[
    "icons/triage.svg",
    "a",
    "./b",
    "c/",
    "../up",
    "/etc/passwd",
    "a/../../b",
    "a\\b",
    "C:x",
    "a//b",
    ".",
    "./",
    "blobs/sha256/00",
    "index.json",
    "oci-layout",
    "a\nb",
];

/// A tar, and what of it was signed with [`KEY`].
pub(super) struct Made {
    pub(super) tar: Vec<u8>,
    pub(super) signed: BTreeSet<Digest>,
}

/// A tar.
pub(super) fn tar(bytes: &[u8]) -> Made {
    let mut maker = Maker {
        from: Unstructured::new(bytes),
        files: Vec::new(),
        signed: BTreeSet::new(),
    };
    // Where the bytes end, everything is right.
    let _ = maker.package();
    let tar = maker.whole().unwrap_or_default();
    Made {
        tar,
        signed: maker.signed,
    }
}

struct Maker<'a> {
    from: Unstructured<'a>,
    files: Vec<(String, Vec<u8>)>,
    signed: BTreeSet<Digest>,
}

impl Maker<'_> {
    /// Seldom, and never where the bytes have ended.
    fn slips(&mut self) -> Result<bool> {
        Ok(self.from.arbitrary::<u8>()? > 0xe0)
    }

    fn any_text(&mut self) -> Result<String> {
        Ok(self.from.arbitrary::<&str>()?.to_owned())
    }

    /// Bytes with a few of them changed.
    fn meddled(&mut self, mut bytes: Vec<u8>) -> Result<Vec<u8>> {
        if !self.slips()? || bytes.is_empty() {
            return Ok(bytes);
        }
        for _ in 0..self.from.int_in_range(1..=4_u8)? {
            let at = self.from.choose_index(bytes.len())?;
            bytes[at] = self.from.arbitrary()?;
        }
        if self.slips()? {
            bytes.truncate(self.from.choose_index(bytes.len())?);
        }
        Ok(bytes)
    }

    /// A blob, and what names it.
    fn blob(&mut self, kind: &str, content: Vec<u8>) -> Result<Value> {
        let digest = Digest::of(&content);
        let size = content.len();
        let mut named = json!({ "mediaType": kind, "digest": digest.as_str(), "size": size });
        if self.slips()? {
            match self.from.int_in_range(0..=2_u8)? {
                0 => named["mediaType"] = json!(self.from.choose(KINDS)?),
                1 => named["size"] = json!(self.from.arbitrary::<i64>()?),
                _ => named["digest"] = json!(self.any_text()?),
            }
        }
        self.files
            .push((format!("blobs/sha256/{}", digest.hex()), content));
        Ok(named)
    }

    fn document(&mut self, document: &Value) -> Result<Vec<u8>> {
        self.meddled(document.to_string().into_bytes())
    }

    /// The text of `plugin.toml`, right or with something put in.
    fn text(&mut self) -> Result<(String, usize)> {
        let which = self.from.int_in_range(0..=1_usize)?;
        let mut text = [PLAIN, LISTENING][which].to_owned();
        if self.slips()? {
            let line = self.any_text()?;
            let at = text.floor_char_boundary(self.from.choose_index(text.len())?);
            text.insert_str(at, &line);
        }
        Ok((text, which))
    }

    fn package(&mut self) -> Result<()> {
        let (text, which) = self.text()?;
        let which = if self.slips()? { 2 } else { which };
        let inner = match self.slips()? {
            true => self.any_text()?,
            false => text.clone(),
        };
        let component = component::embed(&COMPONENTS[which], &inner)
            .unwrap_or_else(|_| COMPONENTS[which].clone());
        let component = self.meddled(component)?;
        let mut layers = vec![self.blob(COMPONENT, component)?];
        if self.from.arbitrary()? {
            let assets = self.assets()?;
            layers.push(self.blob(ASSETS, assets)?);
        }
        if self.slips()? {
            layers.reverse();
            layers.extend(layers.first().cloned());
        }
        let config =
            self.document(&json!({ "created": "1970-01-01T00:00:00Z", "architecture": "wasm" }))?;
        let config = self.blob(CONFIG, config)?;
        let version = ["1.2.0", "1.2.0-beta.1"][which % 2];
        let mut manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": config,
            "layers": layers,
            "annotations": {
                "org.opencontainers.image.title": "acme/triage",
                "org.opencontainers.image.version": version,
                "dev.guichet.manifest": text,
            },
        });
        if self.slips()? {
            let key = *self
                .from
                .choose(&["mediaType", "artifactType", "schemaVersion", "more"])?;
            manifest[key] = json!(self.any_text()?);
        }
        let manifest = self.document(&manifest)?;
        let digest = Digest::of(&manifest);
        let subject = self.blob(MANIFEST, manifest)?;
        let mut manifests = vec![subject.clone()];
        for _ in 0..self.from.int_in_range(0..=3_u8)? {
            manifests.push(self.signature(&digest, &subject)?);
        }
        if self.slips()? {
            manifests.rotate_left(1);
            manifests.extend(manifests.first().cloned());
        }
        let index = self
            .document(&json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests }))?;
        self.files.push(("index.json".to_owned(), index));
        let layout = self.document(&json!({ "imageLayoutVersion": "1.0.0" }))?;
        self.files.push(("oci-layout".to_owned(), layout));
        Ok(())
    }

    fn signature(&mut self, digest: &Digest, subject: &Value) -> Result<Value> {
        let key = match self.slips()? {
            true => &*OTHER_KEY,
            false => &*KEY,
        };
        // What is signed may be another package.
        let meant = match self.slips()? {
            true => Digest::of(b"another"),
            false => digest.clone(),
        };
        if std::ptr::eq(key, &*KEY) {
            self.signed.insert(meant.clone());
        }
        let signature = key.sign(format!("guichet package v1\n{meant}").as_bytes());
        let said = json!({ "key": key.public().to_string(), "signature": signature.to_string() });
        let said = self.document(&said)?;
        let layer = self.blob(SIGNATURE, said)?;
        let empty = self.blob(EMPTY, b"{}".to_vec())?;
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": SIGNATURE, "config": empty, "layers": [layer],
            "subject": subject,
        });
        let manifest = self.document(&manifest)?;
        let mut named = self.blob(MANIFEST, manifest)?;
        named["artifactType"] = json!(SIGNATURE);
        Ok(named)
    }

    fn assets(&mut self) -> Result<Vec<u8>> {
        let mut entries = Vec::new();
        for _ in 0..self.from.int_in_range(1..=4_u8)? {
            let path = match self.slips()? {
                true => self.any_text()?,
                false => (*self.from.choose(PATHS)?).to_owned(),
            };
            let content: &[u8] = self.from.arbitrary()?;
            entries.push((path, content.to_vec()));
        }
        self.raw_tar(&entries)
    }

    /// Written by hand: what the product writes has no slips.
    fn raw_tar(&mut self, entries: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
        let mut tar = Vec::new();
        for (path, content) in entries {
            let kind = match self.slips()? {
                true => self.from.arbitrary()?,
                false => b'0',
            };
            let size = match self.slips()? {
                true => self.from.arbitrary::<u16>()?.into(),
                false => content.len(),
            };
            tar.extend(header(path, size, kind));
            tar.extend(content);
            tar.resize(tar.len().next_multiple_of(512), 0);
        }
        tar.resize(tar.len() + 1_024, 0);
        if self.slips()? {
            tar.extend(self.any_text()?.into_bytes());
        }
        self.meddled(tar)
    }

    fn whole(&mut self) -> Result<Vec<u8>> {
        let plain: Files = self.files.iter().cloned().collect();
        if self.from.is_empty() {
            return Ok(tar::write(&plain).unwrap_or_default());
        }
        let mut entries: Vec<_> = match self.slips()? {
            // As they were made, some perhaps twice.
            true => std::mem::take(&mut self.files),
            false => plain.into_iter().collect(),
        };
        if self.slips()? {
            let path = (*self.from.choose(PATHS)?).to_owned();
            entries.push((path, self.any_text()?.into_bytes()));
        }
        self.raw_tar(&entries)
    }
}

/// A header of a tar, with the sum that it should have.
fn header(path: &str, size: usize, kind: u8) -> [u8; 512] {
    let mut header = [0_u8; 512];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &path.as_bytes()[..path.len().min(100)]);
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}
