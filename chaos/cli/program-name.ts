/** Replaces `unhappy` in command lines by what the user types: `npx unhappy up` for `unhappy up`. */
export function withProgramName(text: string, program: string): string {
  return text.replaceAll(/(?<=^|[\s:`(])unhappy (?=[A-Za-z-])/g, `${program} `)
}
