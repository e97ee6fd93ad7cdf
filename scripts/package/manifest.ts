/** What the package's own package.json takes from the project's. */
interface Project {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly engines: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}

/**
 * The package.json of the npm package. An alias leads to the compiled file. Without redis-memory-server: its install script compiles
 * Redis on each machine, even where one is installed.
 */
export function packageManifest(project: Project): object {
  const { name, version, description, license, engines, dependencies } = project
  const { 'redis-memory-server': _compilesRedis, ...optionalDependencies } =
    project.optionalDependencies
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    bin: { unhappy: 'chaos/cli/unhappy.js', [name]: 'chaos/cli/unhappy.js' },
    imports: Object.fromEntries(
      ['services', 'chaos', 'labs'].map((folder) => [`#${folder}/*.ts`, `./${folder}/*.js`]),
    ),
    engines,
    dependencies,
    optionalDependencies,
  }
}
