import { marked } from 'marked'

/** Markdown of the project itself, such as a lab's README. Not for untrusted text: HTML in it is not escaped. */
export function Markdown({ text }: { readonly text: string }) {
  // A wide block of code scrolls, so it takes the focus: the arrow keys then scroll it.
  const html = marked
    .parse(withoutFileLinks(text), { async: false })
    .replaceAll('<pre>', '<pre tabindex="0">')
  return <div class="prose" dangerouslySetInnerHTML={{ __html: html }} />
}

/** Links to other files of the project have no target in the dashboard. Their text stays. */
function withoutFileLinks(text: string): string {
  return text.replaceAll(/\[([^\]]+)\]\((?!https?:|#)[^)]+\)/g, '$1')
}
