import { useState } from 'preact/hooks'

/** Copies a command to the clipboard. */
export function CopyButton({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false)
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true))
  }
  return (
    <button class="small" onClick={copy} aria-live="polite">
      {copied ? 'Copied' : 'Copy'}
    </button>
  )
}
