/** Where the browser keeps nothing, the token is valid until the page is loaded again. */
let unstored = ''

/**
 * The token of this page. `unhappy workshop host` prints addresses with `#token=TOKEN`. The page removes the token from the
 * address, so that a projected address bar does not show it. Null: the address had none, and this tab keeps none.
 */
export function takePageToken(): string | null {
  const key = `unhappy-token ${location.pathname}`
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1]
  try {
    if (token === undefined) return (sessionStorage.getItem(key) ?? unstored) || null
    sessionStorage.setItem(key, token)
  } catch {
    // The browser keeps nothing.
  }
  if (token !== undefined) {
    unstored = token
    history.replaceState(null, '', location.pathname)
  }
  return unstored || null
}
