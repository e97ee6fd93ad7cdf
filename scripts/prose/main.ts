import { runProse } from './run-prose.ts'

// `npm run lint:prose [FILES] [-- --json]`: checks the rules of the section Voice in CONTRIBUTING.md.
process.exitCode = runProse(process.cwd(), process.argv.slice(2), {
  out: (text) => console.log(text),
  error: (text) => console.error(text),
})
