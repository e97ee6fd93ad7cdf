const key = 'unhappy-theme'

/** Applies the theme that the user chose, or else the theme of the system. */
export function applyTheme(): void {
  const chosen = localStorage.getItem(key)
  const dark =
    chosen === null ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark'
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
}

export function toggleTheme(): void {
  const dark = document.documentElement.dataset['theme'] === 'dark'
  localStorage.setItem(key, dark ? 'light' : 'dark')
  applyTheme()
  window.dispatchEvent(new Event('unhappy-theme'))
}
