import type { Random } from '#chaos/lib/random.ts'

/** Values that code often does not expect, as JSON texts: JSON has no NaN, but clients send it. */
const nasty: readonly string[] = [
  'null',
  'true',
  '-1',
  '0',
  '-0',
  '1e309',
  '-1e309',
  '1e-320',
  '9007199254740993',
  '9223372036854775808',
  '0.1',
  '1000000000000',
  'NaN',
  'Infinity',
  '""',
  '" "',
  '"0"',
  '"NaN"',
  '"1e9"',
  '"../../../etc/passwd"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"*"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\u202e\\u0007\\u001b[31m"',
  '"%00%ff%2f"',
  '"999999999999999999999s"',
  '"1000000/s"',
  '"${jndi:x}"',
  '[]',
  '{}',
  '[[]]',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":{"a":1}}}',
]

const hugeLengths = [201, 1_001, 4_097, 10_001, 70_000]

/** The value as JSON, with one or more mistakes. */
export function mutatedJson(value: unknown, random: Random): Buffer {
  const text = inValue(value, random)
  switch (random.integer(0, 15)) {
    case 0:
      return Buffer.from(text.slice(0, random.integer(0, text.length)))
    case 1:
      return Buffer.from(`${text}${random.pick(['}', ',', 'x', ' {}', '\u0000', text])}`)
    case 2:
      return Buffer.from(
        nested(random.pick(['[', '{"a":']), random.pick([50, 101, 1_000, 20_000, 60_000])),
      )
    case 3:
      return Buffer.from(text, random.pick(['utf16le', 'latin1'] as const))
    case 4:
      return withByte(Buffer.from(text), random)
    case 5:
      return Buffer.from(`\ufeff${text}`)
    case 6:
      return Buffer.from(
        random.pick(['', ' ', 'null', '""', '[]', '0', 'undefined', '{', "{'a':1}", '{a:1}']),
      )
    case 7:
      return Buffer.from(
        text.replace(
          /^\{"([^"]+)":/,
          (all, key: string) => `{"${key}":{},"${key}":[],${all.slice(1)}`,
        ),
      )
    default:
      return Buffer.from(text)
  }
}

function nested(open: string, levels: number): string {
  const close = open === '[' ? ']' : '}'
  return `${open.repeat(levels)}${open === '[' ? '' : '1'}${close.repeat(levels)}`
}

/** A byte that is not valid at its place. */
export function withByte(bytes: Buffer, random: Random): Buffer {
  const at = random.integer(0, Math.max(0, bytes.length - 1))
  const byte = random.pick([0, 1, 0x1f, 0x22, 0x5c, 0x7f, 0x80, 0xc0, 0xff])
  return Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)])
}

/** A text that a value can be replaced by. */
export function nastyText(random: Random): string {
  if (random.next() < 0.2) return 'x'.repeat(random.pick(hugeLengths))
  const json = random.pick(nasty)
  return json.startsWith('"') ? (JSON.parse(json) as string) : json
}

/** One place of the value is replaced, removed or gets a wrong neighbour. */
function inValue(value: unknown, random: Random): string {
  const marks = new Map<string, string>()
  const places = countPlaces(value)
  const chosen = random.integer(0, places - 1)
  let place = 0
  const mark = (json: string): string => {
    const name = `mark-${marks.size}-${random.integer(0, 1e9)}`
    marks.set(JSON.stringify(name), json)
    return name
  }
  const replaced = (one: unknown): unknown => {
    const mine = place++
    if (mine === chosen && random.next() < 0.8)
      return mark(random.next() < 0.1 ? JSON.stringify(nastyText(random)) : random.pick(nasty))
    if (Array.isArray(one)) return one.map((item) => replaced(item))
    if (typeof one !== 'object' || one === null) return one
    const entries = Object.entries(one).map(([key, inner]) => [key, replaced(inner)] as const)
    if (mine !== chosen) return Object.fromEntries(entries)
    if (random.next() < 0.5) return Object.fromEntries(entries.slice(1))
    const key = random.pick([
      '__proto__x',
      'unknown',
      'x'.repeat(300),
      'a\u0000',
      'constructor',
      'then',
    ])
    return { ...Object.fromEntries(entries), [key]: mark(random.pick(nasty)) }
  }
  let text = JSON.stringify(replaced(value)) ?? 'null'
  for (const [name, json] of marks) text = text.replace(name, () => json)
  return text.replaceAll('__proto__x', '__proto__')
}

function countPlaces(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return 1 + Object.values(value).reduce((sum: number, inner) => sum + countPlaces(inner), 0)
}
