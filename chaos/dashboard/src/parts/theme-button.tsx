import { toggleTheme } from './theme.ts'

export function ThemeButton() {
  return (
    <button
      class="quiet"
      title="Light or dark theme (t)"
      aria-label="Switch between the light and the dark theme"
      onClick={toggleTheme}
    >
      ◐
    </button>
  )
}
