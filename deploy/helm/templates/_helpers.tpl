{{- define "unhappy.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{- define "unhappy.selector" -}}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "unhappy.image" -}}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end }}

{{/* The user `node` of the image. */}}
{{- define "unhappy.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "unhappy.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{/* Requests of the cluster itself: the name is one that the API accepts from everybody. */}}
{{- define "unhappy.alive" -}}
httpGet:
  path: /api/alive
  port: http
  httpHeaders: [{ name: Host, value: 127.0.0.1 }]
{{- end }}

{{/* From where requests of browsers come. Not from a seat: a policy that allows every pod would include them. */}}
{{- define "unhappy.entrance" -}}
{{- if .Values.ingress.namespace }}
- namespaceSelector:
    matchLabels: { kubernetes.io/metadata.name: {{ .Values.ingress.namespace | quote }} }
{{- else }}
- namespaceSelector: {}
  podSelector:
    matchExpressions:
      - { key: app.kubernetes.io/component, operator: NotIn, values: [seat] }
{{- end }}
{{- end }}
