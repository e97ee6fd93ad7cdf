/** Keys that earlier versions wrote into xray.json and live.jsonl, with their present names. */
const renamedKeys: Readonly<Record<string, string>> = {
  verdict: 'result',
  course: 'history',
  quietAfterMs: 'settledAfterMs',
  told: 'matchedBy',
  stacks: 'sandboxes',
}

// A quote inside a string value is escaped, so this matches keys only.
const earlierKey = new RegExp(`"(${Object.keys(renamedKeys).join('|')})":`, 'g')

/** Parses xray.json or a line of live.jsonl, and upgrades what an earlier version wrote. Throws a SyntaxError. */
export function parseXrayJson(text: string): unknown {
  return JSON.parse(text.replaceAll(earlierKey, (_, key: string) => `"${renamedKeys[key]}":`))
}
