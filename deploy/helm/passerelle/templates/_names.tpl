{{/*
Names and derived values. Every template takes a "scope": a dict of root (the chart's context), name (the
service's name) and service (its values), so that a template never reaches into another service's settings.
*/}}

{{- define "passerelle.name" -}}
{{- printf "%s-%s" .root.Release.Name .name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "passerelle.selector" -}}
app.kubernetes.io/name: passerelle
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "passerelle.labels" -}}
{{ include "passerelle.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: passerelle
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | quote }}
{{- end -}}

{{- define "passerelle.image" -}}
{{- $image := .root.Values.image -}}
{{- $repository := required "image.repository is required: where the four images are, e.g. registry.example.org/passerelle" $image.repository -}}
{{- printf "%s/%s:%s" $repository .name ($image.tag | default .root.Chart.AppVersion) | quote -}}
{{- end -}}

{{- define "passerelle.database.host" -}}
{{- .service.database.host | default (printf "passerelle-%s-db-rw" .name) -}}
{{- end -}}

{{- define "passerelle.database.address" -}}
{{- printf "%s:%v/%s" (include "passerelle.database.host" .) .root.Values.database.port (.service.database.name | default .name) -}}
{{- end -}}

{{- define "passerelle.database.credentials" -}}
{{- .service.database.credentialsSecret | default (printf "passerelle-%s-db-app" .name) -}}
{{- end -}}

{{- define "passerelle.database.ca" -}}
{{- .service.database.caSecret | default (printf "passerelle-%s-db-ca" .name) -}}
{{- end -}}

{{- define "passerelle.keys.address" -}}
{{- $keys := .service.keys | default dict -}}
{{- printf "%s:%v/%s" ($keys.host | default (printf "passerelle-%s-keys-rw" .name)) .root.Values.database.port ($keys.name | default (printf "%s_keys" .name)) -}}
{{- end -}}

{{- define "passerelle.keys.credentials" -}}
{{- (.service.keys | default dict).credentialsSecret | default (printf "passerelle-%s-keys-app" .name) -}}
{{- end -}}

{{- define "passerelle.keys.ca" -}}
{{- (.service.keys | default dict).caSecret | default (printf "passerelle-%s-keys-ca" .name) -}}
{{- end -}}

{{/* What wraps the data keys: an address of a key management, or a file from a secret. */}}
{{- define "passerelle.keys.encryption" -}}
{{- .root.Values.keyEncryption.address | default "file:///etc/passerelle/key-encryption/keys.json" -}}
{{- end -}}

{{- define "passerelle.kafka.user" -}}
{{- .service.kafkaUserSecret | default (printf "passerelle-%s" .name) -}}
{{- end -}}

{{- define "passerelle.proof.secret" -}}
{{- .service.proofSecret | default (printf "passerelle-%s-proof" .name) -}}
{{- end -}}

{{/* Seconds until Kubernetes kills: everything a graceful stop may take, and 5 s of margin. */}}
{{- define "passerelle.grace" -}}
{{- $shutdown := .root.Values.shutdown -}}
{{- add $shutdown.preStopSeconds $shutdown.delaySeconds $shutdown.timeoutSeconds 5 -}}
{{- end -}}

{{/*
The connection budget of one database: every pod that can exist at once (a rolling update adds one) with a full
pool, the migration job, and what is kept free. More than the database allows stops the rendering: it would stop
the services later, under load.
*/}}
{{- define "passerelle.budget" -}}
{{- $database := .root.Values.database -}}
{{- $wanted := add (mul (add .service.replicas 1) .service.pool.reactive) .service.pool.migration $database.reservedConnections -}}
{{- if gt $wanted ($database.maxConnections | int64) -}}
{{- fail (printf "services.%s: (%v replicas + 1) x %v connections + %v for the migration + %v reserved = %v, but the database allows %v" .name .service.replicas .service.pool.reactive .service.pool.migration $database.reservedConnections $wanted $database.maxConnections) -}}
{{- end -}}
{{- if gt (.service.replicas | int64) (.root.Values.kafka.partitions | int64) -}}
{{- fail (printf "services.%s: %v replicas, but the topics have only %v partitions: the others would idle" .name .service.replicas .root.Values.kafka.partitions) -}}
{{- end -}}
{{- printf "%v of %v" $wanted $database.maxConnections | quote -}}
{{- end -}}
