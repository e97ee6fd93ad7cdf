/** A manifest of Kubernetes, as far as the chart's own rules read it. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec?: {
    readonly replicas?: number
    readonly template?: { readonly spec: PodSpec }
    readonly rules?: readonly { readonly http: { readonly paths: readonly unknown[] } }[]
    readonly policyTypes?: readonly string[]
    readonly ingress?: readonly unknown[]
    readonly egress?: readonly unknown[]
  }
  readonly data?: Readonly<Record<string, string>>
}

interface PodSpec {
  readonly automountServiceAccountToken?: boolean
  readonly securityContext?: { readonly runAsNonRoot?: boolean }
  readonly containers: readonly {
    readonly securityContext?: {
      readonly allowPrivilegeEscalation?: boolean
      readonly readOnlyRootFilesystem?: boolean
      readonly capabilities?: { readonly drop?: readonly string[] }
    }
    readonly readinessProbe?: object
    readonly livenessProbe?: object
    readonly resources?: { readonly limits?: Readonly<Record<string, string>> }
  }[]
}

/** What is wrong with a rendered chart beyond its schemas. */
export function chartProblems(manifests: readonly Manifest[], seats: number): readonly string[] {
  const of = (kind: string): readonly Manifest[] =>
    manifests.filter((manifest) => manifest.kind === kind)
  const named = (kind: string, end: string): Manifest | undefined =>
    of(kind).find(({ metadata }) => metadata.name.endsWith(end))
  const keys = Object.values(named('Secret', '-keys')?.data ?? {})
  const [routes] = of('Ingress').flatMap(({ spec }) => spec?.rules ?? [])
  const nothing = named('NetworkPolicy', '-nothing')?.spec
  const expected: readonly (readonly [string, boolean])[] = [
    [`${seats} seats`, named('StatefulSet', '-seat')?.spec?.replicas === seats],
    ['a key of its own for each seat', new Set(keys).size === seats && keys.length === seats],
    ['a route for each seat', routes?.http.paths.length === seats],
    [
      'nothing allowed by default',
      nothing?.policyTypes?.length === 2 &&
        nothing.ingress === undefined &&
        nothing.egress === undefined,
    ],
    ['a quota', of('ResourceQuota').length === 1],
    ['a budget of disruptions', of('PodDisruptionBudget').length === 1],
  ]
  return [
    ...expected.filter(([, isSo]) => !isSo).map(([what]) => `not ${what}`),
    ...manifests.flatMap(({ metadata, spec }) =>
      spec?.template === undefined
        ? []
        : podProblems(spec.template.spec).map((what) => `${metadata.name}: not ${what}`),
    ),
  ]
}

function podProblems(pod: PodSpec): readonly string[] {
  const expected: readonly (readonly [string, boolean])[] = [
    ['without a token of the cluster', pod.automountServiceAccountToken === false],
    ['without root', pod.securityContext?.runAsNonRoot === true],
    ...pod.containers.flatMap(
      ({ securityContext, readinessProbe, livenessProbe, resources }) =>
        [
          ['without more rights', securityContext?.allowPrivilegeEscalation === false],
          ['read-only', securityContext?.readOnlyRootFilesystem === true],
          ['without capabilities', securityContext?.capabilities?.drop?.join() === 'ALL'],
          ['probed', readinessProbe !== undefined && livenessProbe !== undefined],
          [
            'limited',
            resources?.limits?.['cpu'] !== undefined && resources.limits['memory'] !== undefined,
          ],
        ] as const,
    ),
  ]
  return expected.filter(([, isSo]) => !isSo).map(([what]) => what)
}
