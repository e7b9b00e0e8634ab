package dev.parley.common.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows peers the key and certificate that lie in the files now. A handshake asks for an alias,
 * then for what it names: so that a renewal between the two does not mix them, an alias says whose
 * it is.
 */
final class RenewedKeyManager extends X509ExtendedKeyManager {
  private final TlsFiles files;

  RenewedKeyManager(TlsFiles files) {
    this.files = files;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    TlsIdentity now = files.current();
    return alias(now, now.keys().chooseEngineClientAlias(keyTypes, issuers, engine));
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    TlsIdentity now = files.current();
    return alias(now, now.keys().chooseEngineServerAlias(keyType, issuers, engine));
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    TlsIdentity now = files.current();
    return alias(now, now.keys().chooseClientAlias(keyTypes, issuers, socket));
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    TlsIdentity now = files.current();
    return alias(now, now.keys().chooseServerAlias(keyType, issuers, socket));
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    TlsIdentity now = files.current();
    return aliases(now, now.keys().getClientAliases(keyType, issuers));
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    TlsIdentity now = files.current();
    return aliases(now, now.keys().getServerAliases(keyType, issuers));
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    TlsIdentity owner = owner(alias);
    return owner == null ? null : owner.keys().getCertificateChain(name(alias));
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    TlsIdentity owner = owner(alias);
    return owner == null ? null : owner.keys().getPrivateKey(name(alias));
  }

  private static @Nullable String alias(TlsIdentity owner, @Nullable String name) {
    return name == null ? null : mark(owner) + name;
  }

  private static String @Nullable [] aliases(TlsIdentity owner, String @Nullable [] names) {
    if (names == null) {
      return null;
    }
    String[] aliases = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      aliases[i] = mark(owner) + names[i];
    }
    return aliases;
  }

  private @Nullable TlsIdentity owner(String alias) {
    for (TlsIdentity owner : new TlsIdentity[] {files.current(), files.before()}) {
      if (alias.startsWith(mark(owner))) {
        return owner;
      }
    }
    return null;
  }

  private static String mark(TlsIdentity owner) {
    return owner.number() + "/";
  }

  private static String name(String alias) {
    return alias.substring(alias.indexOf('/') + 1);
  }
}
