/** Texts name commands `unhappy up`; the user may have to type `npx unhappy up`. */
export function asTyped(text: string, program: string): string {
  return text.replaceAll(/(?<=^|[\s:`(])unhappy (?=[A-Za-z-])/g, `${program} `)
}
