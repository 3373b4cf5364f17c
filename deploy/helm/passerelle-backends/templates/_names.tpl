{{- define "backends.labels" -}}
app.kubernetes.io/name: passerelle-backends
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/part-of: passerelle
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | quote }}
{{- end -}}

{{- define "backends.storage" -}}
size: {{ .size }}
{{- with .storageClass }}
storageClass: {{ . | quote }}
{{- end }}
{{- end -}}
