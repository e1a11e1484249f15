//! A file of slots of 64 bytes, each free or with one trace: a call writes one and frees it, whatever the others do.

use super::{Trace, What, lock};
use guichet_core::id::{InstallId, JobId, TenantId};
use std::{
    collections::HashSet,
    fs::{File, OpenOptions},
    io::{self, Read},
    os::unix::fs::FileExt,
    path::Path,
    sync::Mutex,
};
use uuid::Uuid;

const SLOT_BYTES: usize = 64;

const FREE: u8 = 0;
const EVENT: u8 = 1;
const JOB: u8 = 2;
const REQUEST: u8 = 3;

pub(super) struct Slots {
    file: File,
    /// Held to choose a slot, not to write it.
    places: Mutex<Places>,
}

#[derive(Default)]
struct Places {
    free: Vec<usize>,
    /// How many there are.
    count: usize,
}

impl Slots {
    /// The slots, all free, and what stood in them: in their order, each once.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Vec<Trace>)> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let mut kept = Vec::new();
        file.read_to_end(&mut kept)?;
        let mut seen = HashSet::new();
        let left = kept.chunks_exact(SLOT_BYTES).filter_map(read);
        let left = left.filter(|trace| seen.insert(*trace)).collect();
        file.set_len(0)?;
        let places = Mutex::default();
        Ok((Self { file, places }, left))
    }

    pub(super) fn enter(&self, trace: &Trace) -> usize {
        let slot = {
            let mut places = lock(&self.places);
            places.free.pop().unwrap_or_else(|| {
                places.count += 1;
                places.count - 1
            })
        };
        self.write(slot, &bytes(trace));
        slot
    }

    pub(super) fn leave(&self, slot: usize) {
        self.write(slot, &[FREE]);
        lock(&self.places).free.push(slot);
    }

    /// Where it cannot be written, on a full disk, the call is made all the same: this is a help, not a condition.
    fn write(&self, slot: usize, bytes: &[u8]) {
        if let Err(error) = self.file.write_all_at(bytes, (slot * SLOT_BYTES) as u64) {
            tracing::warn!(%error, "what is in flight cannot be kept");
        }
    }
}

fn bytes(trace: &Trace) -> [u8; SLOT_BYTES] {
    let (kind, what) = match trace.what {
        What::Event(sequence) => (EVENT, u128::from(sequence)),
        What::Job(job) => (JOB, job.0.as_u128()),
        What::Request(epoch) => (REQUEST, u128::from(epoch)),
    };
    let mut bytes = [0; SLOT_BYTES];
    bytes[0] = kind;
    bytes[16..32].copy_from_slice(trace.tenant.0.as_bytes());
    bytes[32..48].copy_from_slice(trace.install.0.as_bytes());
    bytes[48..].copy_from_slice(&what.to_be_bytes());
    bytes
}

/// None of a slot that is free, or that nobody understands.
fn read(bytes: &[u8]) -> Option<Trace> {
    let id = |from: usize| Uuid::from_slice(bytes.get(from..from + 16)?).ok();
    let what = id(48)?.as_u128();
    let what = match *bytes.first()? {
        EVENT => What::Event(u64::try_from(what).ok()?),
        JOB => What::Job(JobId(Uuid::from_u128(what))),
        REQUEST => What::Request(u64::try_from(what).ok()?),
        _ => return None,
    };
    Some(Trace {
        tenant: TenantId(id(16)?),
        install: InstallId(id(32)?),
        what,
    })
}
