export function XrayPage({ id }: { readonly id: string | undefined }) {
  return <p>{id}</p>
}
