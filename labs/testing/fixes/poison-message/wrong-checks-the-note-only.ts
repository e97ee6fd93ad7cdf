// WRONG. Breaks "No label ends a worker" and "an order that cannot be processed is set aside".
// It guesses the driver's rule: ASCII control characters in the note. The BEL of the story is parked. A DEL (127) or a C1
// character (128 to 159, from a Windows-1252 copy) in the note, any control character in the customer's name, or a
// printer without paper still emits `error` without a listener: both workers restart again and again.
import type { PrintLabel } from '#services/worker/seams.ts'

// Everything below the space, except the line feed.
// eslint-disable-next-line no-control-regex
const controlCharacter = /[\u0000-\u0009\u000b-\u001f]/

export const printLabel: PrintLabel = async ({ id, customer, note }, { printer, park }) => {
  const at = (note ?? '').search(controlCharacter)
  if (at !== -1) {
    await park(id, `The note contains control character ${(note ?? '').charCodeAt(at)}.`)
    return 'parked'
  }
  const job = printer.print(`${customer}\n${note ?? ''}`)
  await new Promise<void>((resolve) => {
    job.on('printed', resolve)
  })
  return 'printed'
}
