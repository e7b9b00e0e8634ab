package dev.parley.systemtests.show.library;

import dev.parley.common.s3.AccessKey;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.common.s3.UrlMethod;
import dev.parley.common.s3.UrlRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/**
 * Whether a store gives an object to whoever has a good URL, and to nobody who has one that is too
 * old, was changed, or was signed with another key. One thread.
 */
final class SignedUrls implements AutoCloseable {
  private static final int GOOD_FOR_SEC = 300;
  private static final String TYPE = "text/plain";
  private static final String MINE = "ob_signed-urls-signed-urls-m";
  private static final String OTHERS = "ob_signed-urls-signed-urls-o";
  private static final String HEX = "0123456789abcdef";
  private static final String SIGNATURE = "X-Amz-Signature=";
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Clock clock = Clock.systemUTC();
  private final Place place;
  private final QuerySigner signer;

  /** Where a store is, and what opens it. */
  record Place(URI endpoint, String bucket, AccessKey key, String region) {}

  /** Puts two objects at the store. */
  SignedUrls(Place place) throws IOException, InterruptedException {
    this.place = place;
    signer = signer(place.key());
    put(MINE);
    put(OTHERS);
  }

  /**
   * What came of it.
   *
   * @param refused URLs that were refused
   * @param leaks in words, which URLs were not, and which good ones were
   */
  record Result(int refused, List<String> leaks) {}

  /**
   * Tries good URLs, and so many of each kind of bad ones.
   *
   * @param seed what is changed in them is drawn
   */
  Result run(int each, long seed) throws IOException, InterruptedException {
    Random random = new Random(seed);
    List<String> leaks = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < each; i++) {
      for (Bad bad : Bad.values()) {
        boolean isRefused = isRefused(bad, random, leaks);
        refused += isRefused ? 1 : 0;
      }
    }
    for (String key : List.of(MINE, OTHERS)) {
      HttpResponse<String> answer = send("GET", good(key));
      if (answer.statusCode() != 200 || !answer.body().equals(key)) {
        leaks.add("a good URL: " + answer.statusCode());
      }
    }
    return new Result(refused, leaks);
  }

  /** What is wrong with a URL. */
  private enum Bad {
    EXPIRED,
    FOREIGN_KEY,
    FOREIGN_SECRET,
    SIGNATURE,
    OBJECT,
    LONGER,
    LATER,
    PARAMETER,
    METHOD
  }

  private boolean isRefused(Bad bad, Random random, List<String> leaks)
      throws IOException, InterruptedException {
    String method = "GET";
    String url = good(MINE);
    switch (bad) {
      case EXPIRED -> url = signed(signer, now() - 60 - random.nextInt(86_400), 59);
      case FOREIGN_KEY ->
          url = signed(signer(new AccessKey("AKIDSOMEBODY", "secret-of-somebody")), now(), 300);
      case FOREIGN_SECRET -> {
        String secret = "secret-" + random.nextLong();
        url = signed(signer(new AccessKey(place.key().id(), secret)), now(), GOOD_FOR_SEC);
      }
      case SIGNATURE -> url = flipped(url, random);
      case OBJECT -> url = url.replace(MINE, OTHERS);
      case LONGER ->
          url =
              url.replace(
                  "X-Amz-Expires=" + GOOD_FOR_SEC,
                  "X-Amz-Expires=" + (GOOD_FOR_SEC + 1 + random.nextInt(1000)));
      case LATER -> {
        String early = signed(signer, now() - 60 - random.nextInt(600), 59);
        url = early.replaceFirst("X-Amz-Date=[0-9TZ]+", "X-Amz-Date=" + dateOf(url));
      }
      case PARAMETER -> url += "&response-content-type=text%2Fhtml" + random.nextInt(100);
      case METHOD -> method = List.of("PUT", "DELETE", "HEAD").get(random.nextInt(3));
    }
    HttpResponse<String> answer = send(method, url);
    // A store that answers 404 would tell who has no right what there is.
    boolean isRefused = answer.statusCode() == FORBIDDEN || answer.statusCode() == BAD_REQUEST;
    if (!isRefused) {
      leaks.add(bad + ": " + answer.statusCode());
    }
    return isRefused;
  }

  private String good(String key) {
    return signer.sign(UrlRequest.get(key, null, null), now(), GOOD_FOR_SEC);
  }

  private static String signed(QuerySigner by, long epochSec, int expiresSec) {
    return by.sign(UrlRequest.get(MINE, null, null), epochSec, expiresSec);
  }

  private static String flipped(String url, Random random) {
    int at = url.indexOf(SIGNATURE) + SIGNATURE.length() + random.nextInt(64);
    char other = HEX.charAt((HEX.indexOf(url.charAt(at)) + 1 + random.nextInt(15)) % 16);
    return url.substring(0, at) + other + url.substring(at + 1);
  }

  private static String dateOf(String url) {
    int at = url.indexOf("X-Amz-Date=") + "X-Amz-Date=".length();
    return url.substring(at, url.indexOf('&', at));
  }

  private QuerySigner signer(AccessKey key) {
    return new QuerySigner(
        BucketAddress.of(place.endpoint(), place.bucket(), true), key, place.region());
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /** An object's content is its name. */
  private void put(String key) throws IOException, InterruptedException {
    byte[] content = key.getBytes(StandardCharsets.UTF_8);
    UrlRequest request = UrlRequest.put(key, content.length, TYPE, hash(content));
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(signer.sign(request, now(), GOOD_FOR_SEC)))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(content));
    for (UrlRequest.Field header : request.headers()) {
      if (!header.name().equals("content-length")) {
        builder.header(header.name(), header.value());
      }
    }
    int status = http.send(builder.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IOException("the store answers an upload with " + status);
    }
  }

  private HttpResponse<String> send(String method, String url)
      throws IOException, InterruptedException {
    HttpRequest.BodyPublisher body =
        method.equals(UrlMethod.PUT.name())
            ? HttpRequest.BodyPublishers.ofString("forged")
            : HttpRequest.BodyPublishers.noBody();
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).method(method, body).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String hash(byte[] content) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
