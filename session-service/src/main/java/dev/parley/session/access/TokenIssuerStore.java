package dev.parley.session.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where token issuers are kept. Thread-safe; blocks. */
public interface TokenIssuerStore {
  @Nullable TokenIssuer tokenIssuer(String tenant, String id);

  /** Returns all issuers of a tenant; the caller keeps them few. */
  List<TokenIssuer> tokenIssuers(String tenant);

  /** Keeps a new issuer; returns false if its id is taken. */
  boolean addTokenIssuer(TokenIssuer issuer);

  /** Forgets an issuer; returns false if there is none. */
  boolean removeTokenIssuer(String tenant, String id);
}
