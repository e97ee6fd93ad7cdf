import { marked } from 'marked'

/** The project's own Markdown (a lab's README), never a stranger's. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div class="prose" dangerouslySetInnerHTML={{ __html: marked.parse(text, { async: false }) }} />
  )
}
