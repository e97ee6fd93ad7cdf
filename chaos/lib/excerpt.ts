const lengthMax = 60

/**
 * The value as JSON, for a message: at most 60 characters, on one line. A message must stay readable, and its text must
 * not depend on how much a client sends.
 */
export function excerpt(value: unknown): string {
  return shortened(jsonOf(value))
}

/** The text, if it is short; otherwise its beginning. */
export function shortened(text: string, most = lengthMax): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text
}

function jsonOf(value: unknown): string {
  // Most of a long text would be cut off again.
  if (typeof value === 'string') return JSON.stringify(value.slice(0, lengthMax))
  try {
    return JSON.stringify(value) ?? 'missing'
  } catch {
    // Nested too deeply for the stack.
    return Array.isArray(value) ? '[...]' : '{...}'
  }
}
