{{/*
The allowed flows, one rule each. A list of peers that is empty would mean "anywhere", so it stops the rendering.
*/}}

{{- define "passerelle.peers" -}}
{{- if not .peers -}}
{{- fail (printf "%s is required: an empty list of peers would let everything through" .setting) -}}
{{- end -}}
{{- toYaml .peers -}}
{{- end -}}

{{- define "passerelle.egress.dns" -}}
- to:
    {{- include "passerelle.peers" (dict "peers" .root.Values.dns.peers "setting" "dns.peers") | nindent 4 }}
  ports:
    - {protocol: UDP, port: 53}
    - {protocol: TCP, port: 53}
{{- end -}}

{{- define "passerelle.egress.database" -}}
{{- $own := list (dict "podSelector" (dict "matchLabels" (dict "cnpg.io/cluster" (printf "passerelle-%s-db" .name)))) -}}
{{- $keys := list (dict "podSelector" (dict "matchLabels" (dict "cnpg.io/cluster" (printf "passerelle-%s-keys" .name)))) -}}
- to:
    {{- include "passerelle.peers" (dict "peers" ((.service.keys | default dict).peers | default $keys) "setting" "keys.peers") | nindent 4 }}
  ports:
    - {protocol: TCP, port: {{ .root.Values.database.port }}}
- to:
    {{- include "passerelle.peers" (dict "peers" (.service.database.peers | default $own) "setting" "database.peers") | nindent 4 }}
  ports:
    - {protocol: TCP, port: {{ .root.Values.database.port }}}
{{- end -}}

{{- define "passerelle.egress.keyManagement" -}}
{{- if .root.Values.keyEncryption.address }}
- to:
    {{- include "passerelle.peers" (dict "peers" .root.Values.keyEncryption.peers "setting" "keyEncryption.peers") | nindent 4 }}
  ports:
    - {protocol: TCP, port: {{ .root.Values.keyEncryption.port }}}
{{- end }}
{{- end -}}

{{- define "passerelle.egress.kafka" -}}
- to:
    {{- include "passerelle.peers" (dict "peers" .root.Values.kafka.peers "setting" "kafka.peers") | nindent 4 }}
  ports:
    - {protocol: TCP, port: {{ .root.Values.kafka.bootstrapServers | splitList ":" | last | int }}}
{{- end -}}

{{- define "passerelle.egress.witnesses" -}}
- to:
    {{- include "passerelle.peers" (dict "peers" .root.Values.proof.peers "setting" "proof.peers") | nindent 4 }}
  ports:
    - {protocol: TCP, port: {{ .root.Values.proof.port }}}
{{- end -}}

{{- define "passerelle.egress.oidc" -}}
- to:
    {{- include "passerelle.peers" (dict "peers" .root.Values.oidc.peers "setting" "oidc.peers") | nindent 4 }}
  ports:
    - {protocol: TCP, port: {{ .root.Values.oidc.port }}}
{{- end -}}
