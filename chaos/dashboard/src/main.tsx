import 'uplot/dist/uPlot.min.css'
import './style.css'
import { render } from 'preact'

import { App } from './app.tsx'
import { takePageKey } from './data/page-key.ts'
import { applyTheme } from './parts/theme.ts'

takePageKey()
applyTheme()
const root = document.querySelector('#app')
if (root !== null) render(<App />, root)
