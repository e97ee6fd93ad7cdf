import { runProse } from './run-prose.ts'

// `npm run lint:prose [FILES] [-- --json]`: the section Voice of CONTRIBUTING.md, as far as a program can check it.
process.exitCode = runProse(process.cwd(), process.argv.slice(2), {
  out: (text) => console.log(text),
  error: (text) => console.error(text),
})
