/** Several sandboxes may be pages of one server, each under its own path. */
const storageKey = `unhappy-page-key${location.pathname === '/' ? '' : ` ${location.pathname}`}`

/** Where the browser keeps nothing, the key is valid until the page is loaded again. */
let unstored = ''

/**
 * Takes the page key out of the address, which ends with `#key=KEY`, to which the controller redirects a browser with a new session. Each
 * change sends the key. Unlike the cookie, no page of another port can read or send it.
 */
export function takePageKey(): void {
  const key = /^#key=([\w-]+)$/.exec(location.hash)?.[1]
  if (key === undefined) return
  history.replaceState(null, '', location.pathname)
  unstored = key
  try {
    localStorage.setItem(storageKey, key)
  } catch {
    // The browser keeps nothing.
  }
}

/** Read for each request: another tab may have started a new session. */
export function readPageKey(): string {
  try {
    return localStorage.getItem(storageKey) ?? unstored
  } catch {
    return unstored
  }
}
