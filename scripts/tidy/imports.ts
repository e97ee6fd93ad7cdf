const staticImports = /^(?:import|export)\b[^'";]*?\bfrom '([^']+)'/gm

/** What a file imports or re-exports, types included, as it is written: `./run.ts`, `#chaos/lib/clock.ts`, `vitest`. */
export function importsOf(text: string): readonly string[] {
  const others = /^import '([^']+)'|\bimport\('([^']+)'\)/gm
  return [...text.matchAll(staticImports), ...text.matchAll(others)].map(
    ([, first, second]) => first ?? second ?? '',
  )
}
