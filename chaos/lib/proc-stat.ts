/** Milliseconds of one tick of the kernel in /proc: USER_HZ is 100 on every platform of Node. */
export const tickMs = 10

/** The fields of `/proc/<pid>/stat` from the third on: state, parent, group, session ... */
export function procStatFields(text: string): readonly string[] {
  // The second is the name, in parentheses. It may contain any character.
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}
