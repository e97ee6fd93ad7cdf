/** A reply of Redis as redis-cli prints it. */
export function redisReplyText(value: unknown, indent = ''): string {
  if (value === null || value === undefined) return '(nil)'
  if (typeof value === 'number') return `(integer) ${value}`
  if (Array.isArray(value)) {
    if (value.length === 0) return '(empty)'
    const digits = String(value.length).length
    return value
      .map((item, index) => {
        const lead = `${String(index + 1).padStart(digits)}) `
        const text = redisReplyText(item, indent + ' '.repeat(lead.length))
        return (index === 0 ? '' : indent) + lead + text
      })
      .join('\n')
  }
  if (typeof value === 'object')
    return Object.entries(value)
      .map(
        ([key, item], index) =>
          `${index === 0 ? '' : indent}${key}: ${redisReplyText(item, `${indent}  `)}`,
      )
      .join('\n')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
