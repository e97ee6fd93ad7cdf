import type { Controller } from '../controller.ts'

/** One file, which is always the same; `calls` receives what was asked. */
export function fakeEditor(calls: string[]): Controller['editor'] {
  const file = { seam: 'read-product', path: 'my-work/lab-zero/read-product.ts', text: '// old\n' }
  const conflict = { ...file, version: '0'.repeat(64) }
  return {
    code: async () => ({ files: [conflict], types: [], shopFiles: [] }),
    save: async (_id, seam, { text, basedOn }) => {
      calls.push(`save ${seam} ${text}`)
      return basedOn === conflict.version ? { saved: { version: 'f'.repeat(64) } } : { conflict }
    },
    diagnostics: async (_id, { text, seam = 'first' }) => {
      calls.push(`diagnostics ${seam} ${text}`)
      return { diagnostics: [], tookMs: 1, state: 'starting' }
    },
    completions: async (_id, { line, column }) => {
      calls.push(`completions ${line}:${column}`)
      return { items: [], state: 'ready' }
    },
    hover: async (_id, { line, column }) => {
      calls.push(`hover ${line}:${column}`)
      return { markdown: null, state: 'ready' }
    },
  }
}
