import '../style.css'
import { render } from 'preact'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'

import { applyTheme, toggleTheme } from '../parts/theme.ts'
import { createHostApi } from './host-api.ts'
import type { HostApi } from './host-api.ts'
import { takePageToken } from './page-token.ts'

/** Shows a page of the host with the token of its address. */
export function mountPage(Page: ComponentType<{ readonly api: HostApi }>): void {
  applyTheme()
  const token = takePageToken()
  // The address of another host or token in the same tab changes only the fragment.
  window.addEventListener('hashchange', () => {
    if (location.hash.startsWith('#token=')) location.reload()
  })
  const root = document.querySelector('#app')
  if (root === null) return
  render(
    token === null ? <NoToken /> : <WithKeys page={<Page api={createHostApi(token)} />} />,
    root,
  )
}

function WithKeys({ page }: { readonly page: preact.ComponentChildren }) {
  useEffect(() => {
    const onKey = ({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): void => {
      const isTyping = target instanceof Element && target.matches('input, textarea, select')
      if (key === 't' && !isTyping && !ctrlKey && !metaKey && !altKey) toggleTheme()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return page
}

function NoToken() {
  return (
    <main>
      <h1>This page needs its link</h1>
      <p>
        The address has no token. Open the link that <code>unhappy workshop host</code> prints.
      </p>
    </main>
  )
}
