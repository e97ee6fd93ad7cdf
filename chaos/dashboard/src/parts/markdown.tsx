import { marked } from 'marked'

/** Markdown of the project itself, such as a lab's README. Not for untrusted text: HTML in it is not escaped. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div class="prose" dangerouslySetInnerHTML={{ __html: marked.parse(text, { async: false }) }} />
  )
}
