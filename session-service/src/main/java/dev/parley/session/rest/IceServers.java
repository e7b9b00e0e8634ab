package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The STUN and TURN servers that clients are told of. For TURN each is given a user name that ends
 * with the {@link #LIFETIME}, and the password that goes with it, as coturn's {@code
 * use-auth-secret} checks them. Thread-safe.
 */
public final class IceServers {
  /** A TURN server asks again whenever an allocation is refreshed, so it outlasts the call. */
  static final Duration LIFETIME = Duration.ofHours(12);

  private static final String MAC = "HmacSHA1";

  private final List<String> urls;
  private final @Nullable String turnSecret;
  private final Clock clock;

  /**
   * Knows all servers.
   *
   * @param urls as RFC 7064 and RFC 7065 write them
   * @param turnSecret shared with the TURN servers; null if there are none
   */
  public IceServers(List<String> urls, @Nullable String turnSecret, Clock clock) {
    this.urls = List.copyOf(urls);
    this.turnSecret = turnSecret;
    this.clock = clock;
  }

  /** What opens a TURN server for one client. */
  private record Credential(String username, String password) {}

  /** Writes them as an RTCPeerConnection takes them. */
  void put(ArrayNode array, String participant) {
    for (String url : urls) {
      ObjectNode server = array.addObject();
      server.putArray("urls").add(url);
      Credential credential = credentialFor(url, participant);
      if (credential != null) {
        server.put("username", credential.username());
        server.put("credential", credential.password());
      }
    }
  }

  /** Writes them as RFC 9725 §4.6 wants: one Link field for each. */
  void link(Context context, String participant) {
    for (String url : urls) {
      Credential credential = credentialFor(url, participant);
      String login =
          credential == null
              ? ""
              : "; username=\"%s\"; credential=\"%s\"; credential-type=\"password\""
                  .formatted(credential.username(), credential.password());
      context.res().addHeader("Link", "<" + url + ">; rel=\"ice-server\"" + login);
    }
  }

  private @Nullable Credential credentialFor(String url, String participant) {
    if (turnSecret == null || !url.startsWith("turn")) {
      return null;
    }
    String username = clock.instant().plus(LIFETIME).getEpochSecond() + ":" + participant;
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(turnSecret.getBytes(StandardCharsets.UTF_8), MAC));
      byte[] tag = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
      return new Credential(username, Base64.getEncoder().encodeToString(tag));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + MAC, e);
    }
  }
}
