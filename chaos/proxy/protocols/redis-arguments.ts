/** The first arguments of a command, as text; fewer when the head ends before. Inline commands are split at spaces. */
export function argumentsOf(head: Buffer, max: number): string[] {
  if (head[0] !== 0x2a) return head.toString('latin1').trim().split(/\s+/).slice(0, max)
  const texts: string[] = []
  let at = head.indexOf(0x0a) + 1
  while (at > 0 && at < head.length && texts.length < max) {
    const lineEnd = head.indexOf(0x0a, at)
    if (lineEnd === -1) break
    let length = 0
    for (let i = at + 1; i < lineEnd - 1; i++) length = length * 10 + (head[i] as number) - 0x30
    const from = lineEnd + 1
    if (from + length > head.length) break
    texts.push(head.toString('utf8', from, from + length))
    at = from + length + 2
  }
  return texts
}
