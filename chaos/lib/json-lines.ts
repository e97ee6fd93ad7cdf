/**
 * The objects of a file with one JSON object per line. A line that is not one is left out: a process that was killed while
 * it wrote leaves half a line.
 */
export function parseJsonLines(text: string): object[] {
  return text.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line)
      return typeof value === 'object' && value !== null ? [value] : []
    } catch {
      return []
    }
  })
}
