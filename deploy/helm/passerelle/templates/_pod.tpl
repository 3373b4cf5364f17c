{{/* What every pod of the chart shares: the service's own and the migration's. */}}

{{- define "passerelle.pod.security" -}}
automountServiceAccountToken: false
# Off: a Kubernetes service named kafka would otherwise put KAFKA_PORT and the like into the configuration.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1001
  runAsGroup: 1001
  fsGroup: 1001
  seccompProfile:
    type: RuntimeDefault
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "passerelle.container.security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
privileged: false
capabilities:
  drop: [ALL]
{{- end -}}

{{/* The environment of both: which database, over a verified connection. */}}
{{- define "passerelle.env.database" -}}
{{- $keys := include "passerelle.keys.address" . -}}
- name: QUARKUS_PROFILE
  value: prod
- name: QUARKUS_DATASOURCE_REACTIVE_URL
  value: {{ printf "postgresql://%s" (include "passerelle.database.address" .) | quote }}
- name: QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE
  value: {{ .service.pool.reactive | quote }}
- name: QUARKUS_DATASOURCE_REACTIVE_POSTGRESQL_SSL_MODE
  value: verify-full
- name: QUARKUS_DATASOURCE_REACTIVE_HOSTNAME_VERIFICATION_ALGORITHM
  value: HTTPS
- name: QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM
  value: "true"
- name: QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM_CERTS
  value: /etc/passerelle/database-ca/ca.crt
- name: QUARKUS_DATASOURCE_JDBC_URL
  value: {{ printf "jdbc:postgresql://%s?sslmode=verify-full&sslrootcert=/etc/passerelle/database-ca/ca.crt" (include "passerelle.database.address" .) | quote }}
- name: QUARKUS_DATASOURCE_JDBC_MIN_SIZE
  value: "0"
- name: QUARKUS_DATASOURCE_JDBC_MAX_SIZE
  value: {{ .service.pool.migration | quote }}
- name: QUARKUS_DATASOURCE_KEYS_REACTIVE_URL
  value: {{ printf "postgresql://%s" $keys | quote }}
- name: QUARKUS_DATASOURCE_KEYS_REACTIVE_POSTGRESQL_SSL_MODE
  value: verify-full
- name: QUARKUS_DATASOURCE_KEYS_REACTIVE_HOSTNAME_VERIFICATION_ALGORITHM
  value: HTTPS
- name: QUARKUS_DATASOURCE_KEYS_REACTIVE_TRUST_CERTIFICATE_PEM
  value: "true"
- name: QUARKUS_DATASOURCE_KEYS_REACTIVE_TRUST_CERTIFICATE_PEM_CERTS
  value: /etc/passerelle/keys-ca/ca.crt
- name: QUARKUS_DATASOURCE_KEYS_JDBC_URL
  value: {{ printf "jdbc:postgresql://%s?sslmode=verify-full&sslrootcert=/etc/passerelle/keys-ca/ca.crt" $keys | quote }}
- name: QUARKUS_DATASOURCE_KEYS_USERNAME
  valueFrom:
    secretKeyRef:
      name: {{ include "passerelle.keys.credentials" . | quote }}
      key: username
- name: QUARKUS_DATASOURCE_KEYS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "passerelle.keys.credentials" . | quote }}
      key: password
# A migration is told the address, but has no key and no way to one.
- name: PASSERELLE_KEYS_ENCRYPTION
  value: {{ include "passerelle.keys.encryption" . | quote }}
{{- end -}}

{{/* The environment of a service, not of a migration, which needs neither Kafka nor the issuer and gets no door to them. */}}
{{- define "passerelle.env.serving" -}}
{{- $oidc := .root.Values.oidc -}}
- name: QUARKUS_HTTP_HOST
  value: 0.0.0.0
- name: QUARKUS_HTTP_PORT
  value: "8080"
- name: QUARKUS_MANAGEMENT_HOST
  value: 0.0.0.0
- name: QUARKUS_MANAGEMENT_PORT
  value: "9000"
- name: QUARKUS_OIDC_AUTH_SERVER_URL
  value: {{ required "oidc.issuer is required: the https address of the login server" $oidc.issuer | quote }}
{{- if eq .name "reporting" }}
- name: PASSERELLE_CONSOLE_CLIENT_ID
  value: {{ $oidc.console.clientId | quote }}
- name: PASSERELLE_CONSOLE_CLIENT_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ $oidc.console.secret | quote }}
      key: client-secret
{{- end }}
- name: KAFKA_BOOTSTRAP_SERVERS
  value: {{ .root.Values.kafka.bootstrapServers | quote }}
- name: KAFKA_SECURITY_PROTOCOL
  value: SSL
- name: KAFKA_SSL_TRUSTSTORE_TYPE
  value: PKCS12
- name: KAFKA_SSL_TRUSTSTORE_LOCATION
  value: /etc/passerelle/kafka-ca/ca.p12
- name: KAFKA_SSL_TRUSTSTORE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.kafka.clusterCaSecret | quote }}
      key: ca.password
- name: KAFKA_SSL_KEYSTORE_TYPE
  value: PKCS12
- name: KAFKA_SSL_KEYSTORE_LOCATION
  value: /etc/passerelle/kafka-user/user.p12
- name: KAFKA_SSL_KEYSTORE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "passerelle.kafka.user" . | quote }}
      key: user.password
- name: PASSERELLE_TOPIC_PARTITIONS
  value: {{ .root.Values.kafka.partitions | quote }}
- name: PASSERELLE_PROOF_KEYS
  value: /etc/passerelle/proof
{{- with .service.witnesses }}
{{- $all := list -}}
{{- range . }}{{ $all = append $all (printf "%s %s" .key .url) }}{{ end }}
- name: PASSERELLE_PROOF_WITNESSES
  value: {{ join "," $all | quote }}
{{- end }}
{{- with .service.quorum }}
- name: PASSERELLE_PROOF_QUORUM
  value: {{ . | quote }}
{{- end }}
{{- with .service.witnessOf }}
- name: PASSERELLE_PROOF_WITNESS_OF
  value: {{ join "," . | quote }}
{{- end }}
- name: PASSERELLE_ACCESS_EVERYBODY_ON_RECORD
  value: {{ .root.Values.access.everybodyOnRecord | quote }}
{{- with .root.Values.links }}
{{- if and (eq $.name "referral") .secret }}
- name: PASSERELLE_LINKS_KEYS
  value: /etc/passerelle/links/keys.json
{{- end }}
{{- if and (eq $.name "identification") .trusted }}
- name: PASSERELLE_LINKS_TRUSTED
  value: {{ dict "keys" .trusted | toJson | quote }}
{{- end }}
{{- end }}
{{- with .root.Values.avoidance }}
{{- if ne (empty .secret) (empty .recipient) }}
{{- fail "avoidance: give secret and recipient, or neither: half a key parks every case that avoids something" }}
{{- end }}
{{- if and (eq $.name "referral") .secret }}
- name: PASSERELLE_AVOIDANCE_KEYS
  value: /etc/passerelle/avoidance/keys.json
{{- end }}
{{- if and (eq $.name "identification") .recipient }}
- name: PASSERELLE_AVOIDANCE_RECIPIENT
  value: {{ dict "keys" .recipient | toJson | quote }}
{{- end }}
{{- end }}
{{- with .root.Values.retention }}
{{- if and (eq $.name "identification") .afterClosing }}
- name: PASSERELLE_RETENTION_AFTER_CLOSING
  value: {{ .afterClosing | quote }}
- name: PASSERELLE_RETENTION_LEGAL_BASIS
  value: {{ required "retention.legalBasis is required: the dated text of law that says how long cases are kept" .legalBasis | quote }}
{{- end }}
{{- end }}
- name: PASSERELLE_KEYS_BACKUP_DAYS
  value: {{ .root.Values.keyEncryption.backupDays | quote }}
{{- with .root.Values.keyEncryption.former }}
- name: PASSERELLE_KEYS_FORMER_ENCRYPTION
  value: {{ join "," . | quote }}
{{- end }}
{{- end -}}

{{- define "passerelle.mounts.database" -}}
- name: tmp
  mountPath: /tmp
- name: database-ca
  mountPath: /etc/passerelle/database-ca
  readOnly: true
- name: keys-ca
  mountPath: /etc/passerelle/keys-ca
  readOnly: true
{{- end -}}

{{- define "passerelle.mounts.keys" -}}
{{- if not .root.Values.keyEncryption.address }}
- name: key-encryption
  mountPath: /etc/passerelle/key-encryption
  readOnly: true
{{- end }}
{{- end -}}

{{- define "passerelle.mounts.kafka" -}}
- name: kafka-ca
  mountPath: /etc/passerelle/kafka-ca
  readOnly: true
- name: kafka-user
  mountPath: /etc/passerelle/kafka-user
  readOnly: true
{{- end -}}

{{- define "passerelle.mounts.proof" -}}
- name: proof
  mountPath: /etc/passerelle/proof
  readOnly: true
{{- end -}}

{{- define "passerelle.volumes.proof" -}}
- name: proof
  secret:
    secretName: {{ include "passerelle.proof.secret" . | quote }}
    items:
      - {key: log-key, path: log-key}
      - {key: witness-key, path: witness-key}
      - {key: hmac-key, path: hmac-key}
{{- end -}}

{{- define "passerelle.mounts.links" -}}
{{- if and (eq .name "referral") .root.Values.links.secret }}
- name: links
  mountPath: /etc/passerelle/links
  readOnly: true
{{- end }}
{{- end -}}

{{- define "passerelle.volumes.links" -}}
{{- if and (eq .name "referral") .root.Values.links.secret }}
- name: links
  secret:
    secretName: {{ .root.Values.links.secret | quote }}
    defaultMode: 0440
    items:
      - {key: keys.json, path: keys.json}
{{- end }}
{{- end -}}

{{- define "passerelle.mounts.avoidance" -}}
{{- if and (eq .name "referral") .root.Values.avoidance.secret }}
- name: avoidance
  mountPath: /etc/passerelle/avoidance
  readOnly: true
{{- end }}
{{- end -}}

{{- define "passerelle.volumes.avoidance" -}}
{{- if and (eq .name "referral") .root.Values.avoidance.secret }}
- name: avoidance
  secret:
    secretName: {{ .root.Values.avoidance.secret | quote }}
    defaultMode: 0440
    items:
      - {key: keys.json, path: keys.json}
{{- end }}
{{- end -}}

{{- define "passerelle.volumes.database" -}}
- name: tmp
  emptyDir:
    sizeLimit: 128Mi
- name: database-ca
  secret:
    secretName: {{ include "passerelle.database.ca" . | quote }}
    items:
      - {key: ca.crt, path: ca.crt}
- name: keys-ca
  secret:
    secretName: {{ include "passerelle.keys.ca" . | quote }}
    items:
      - {key: ca.crt, path: ca.crt}
{{- end -}}

{{- define "passerelle.volumes.keys" -}}
{{- if not .root.Values.keyEncryption.address }}
- name: key-encryption
  secret:
    secretName: {{ (.service.keys | default dict).encryptionSecret | default (printf "passerelle-%s-key-encryption" .name) | quote }}
    defaultMode: 0440
    items:
      - {key: keys.json, path: keys.json}
{{- end }}
{{- end -}}

{{- define "passerelle.volumes.kafka" -}}
- name: kafka-ca
  secret:
    secretName: {{ .root.Values.kafka.clusterCaSecret | quote }}
    items:
      - {key: ca.p12, path: ca.p12}
- name: kafka-user
  secret:
    secretName: {{ include "passerelle.kafka.user" . | quote }}
    items:
      - {key: user.p12, path: user.p12}
{{- end -}}
