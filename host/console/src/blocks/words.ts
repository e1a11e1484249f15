// Texts from plugins, where no element can hold them apart: names of controls, of files, what is read out.

/** Marks that turn the direction of what follows. */
const MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/gu;

/** Without what cannot be heard. */
export function spoken(text: string): string {
  return String(text).replace(MARKS, "").replace(CONTROLS, " ");
}

/** With what cannot be seen made visible: a name must not look like another one's. */
export function visible(text: string): string {
  return String(text).replace(MARKS, "\ufffd").replace(CONTROLS, "\ufffd");
}

/** As much of it as there is room for. */
export function short(text: string, most: number): string {
  const all = [...text];
  return all.length > most ? `${all.slice(0, most - 1).join("")}…` : text;
}
