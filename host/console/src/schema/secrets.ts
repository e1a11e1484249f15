// Where settings may hold secrets, and by which names the host keeps them: the path, with an entry's key in the place of its index.
import { below, isRecord, type Schema } from "./schema";

export interface SecretPlace {
  name: string;
  pointer: string;
}

/** An entry's key as names of secrets have it. */
function spelled(key: string): string {
  return Array.from(new TextEncoder().encode(key), (byte) => {
    const character = String.fromCharCode(byte);
    return byte < 0x80 && /[A-Za-z0-9@._+-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

/** All places, whether something is set there or not. */
export function* secretPlaces(schema: Schema, value: unknown, at: SecretPlace = { name: "", pointer: "" }): Generator<SecretPlace> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const inner = isRecord(value) ? value[name] : undefined;
    const place = { name: at.name ? `${at.name}.${name}` : name, pointer: below(at.pointer, name) };
    const key = property.items?.["x-key"];
    if (property.secret) yield place;
    else if (!property.items || !key) yield* secretPlaces(property, inner, place);
    else if (Array.isArray(inner)) {
      for (const [index, entry] of inner.entries()) {
        const named = isRecord(entry) ? entry[key] : undefined;
        if (typeof named !== "string" || named === "") continue;
        yield* secretPlaces(property.items, entry, { name: `${place.name}[${spelled(named)}]`, pointer: below(place.pointer, index) });
      }
    }
  }
}

/** Pointers of the secrets that are set: they may be left out, and stay. */
export function setPlaces(schema: Schema, value: unknown, set: string[]): string[] {
  return [...secretPlaces(schema, value)].filter((place) => set.includes(place.name)).map((place) => place.pointer);
}
