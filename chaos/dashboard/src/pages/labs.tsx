export function LabsPage() {
  return <p />
}
