// A plugin's package, made here from its manifest and a component: an OCI image layout in a tar, by the letter of the format.
import { createHash } from "node:crypto";

const SECTION = "guichet:manifest";

function length(value) {
  const bytes = [];
  do {
    const more = value > 0x7f;
    bytes.push((value & 0x7f) | (more ? 0x80 : 0));
    value >>>= 7;
  } while (value > 0);
  return Buffer.from(bytes);
}

/** The manifest's text as a custom section at the component's end. */
function embed(component, manifest) {
  const name = Buffer.from(SECTION);
  const content = Buffer.concat([length(name.length), name, Buffer.from(manifest)]);
  return Buffer.concat([component, Buffer.from([0]), length(content.length), content]);
}

const hex = (bytes) => createHash("sha256").update(bytes).digest("hex");
const describe = (mediaType, bytes) => ({ mediaType, digest: `sha256:${hex(bytes)}`, size: bytes.length });
const json = (value) => Buffer.from(JSON.stringify(value));

function entry(path, content) {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\0", 257);
  header.write("00", 263);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** The tar of a package; unsigned. */
export function pack(manifest, component) {
  const [, id] = /^id = "([^"]+)"/m.exec(manifest);
  const [, version] = /^version = "([^"]+)"/m.exec(manifest);
  const layer = embed(component, manifest);
  const layers = [describe("application/wasm", layer)];
  const config = json({ created: "1970-01-01T00:00:00Z", architecture: "wasm", os: "wasip2", layerDigests: layers.map((one) => one.digest), component: { exports: [], imports: [] } });
  const image = json({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: describe("application/vnd.wasm.config.v0+json", config),
    layers,
    annotations: { "dev.guichet.manifest": manifest, "org.opencontainers.image.title": id, "org.opencontainers.image.version": version },
  });
  const index = json({ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [describe("application/vnd.oci.image.manifest.v1+json", image)] });
  const files = [["oci-layout", json({ imageLayoutVersion: "1.0.0" })], ["index.json", index], ...[config, image, layer].map((blob) => [`blobs/sha256/${hex(blob)}`, blob])];
  return Buffer.concat([...files.sort(([one], [other]) => (one < other ? -1 : 1)).map(([path, content]) => entry(path, content)), Buffer.alloc(1024)]);
}
