package dev.parley.common.s3;

import static dev.parley.common.s3.SignatureCheck.Verdict.EXPIRED;
import static dev.parley.common.s3.SignatureCheck.Verdict.FOREIGN;
import static dev.parley.common.s3.SignatureCheck.Verdict.GOOD;
import static dev.parley.common.s3.SignatureCheck.Verdict.TOO_EARLY;
import static dev.parley.common.s3.SignatureCheck.Verdict.UNSIGNED;
import static dev.parley.common.s3.SignatureCheck.Verdict.WRONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SignatureCheckTest {
  private static final long NOW_SEC = 1_795_000_000;
  private static final AccessKey KEY = new AccessKey("AKID", "secret-of-it");
  private static final String HOST = "127.0.0.1:7882";

  private final QuerySigner signer =
      new QuerySigner(BucketAddress.of(URI.create("http://" + HOST), "parley", true), KEY, "local");
  private final SignatureCheck check = new SignatureCheck(KEY, "local");

  @Property(tries = 500)
  void whatWeSignIsGood(
      @ForAll @CharRange(from = ' ', to = '~') @StringLength(min = 1, max = 60) String key,
      @ForAll @StringLength(min = 1, max = 60) @CharRange(from = ' ', to = '\u3000')
          String disposition,
      @ForAll @IntRange(min = 1, max = 3600) int expiresSec) {
    // Control characters are refused, and one lies in between.
    String plain = disposition.replace('\u007F', ' ');
    String url = signer.sign(UrlRequest.get(key, plain, null), NOW_SEC, expiresSec);

    assertThat(judge("GET", url, Map.of(), NOW_SEC + expiresSec)).isEqualTo(GOOD);
    assertThat(judge("GET", url, Map.of(), NOW_SEC + expiresSec + 1)).isEqualTo(EXPIRED);
  }

  @Property(tries = 2000)
  void whateverIsChangedIsNoticed(@ForAll @IntRange(max = 10_000) int at, @ForAll char with) {
    String url = signer.sign(UrlRequest.get("ob_1/plan.pdf", "attachment", "a/b"), NOW_SEC, 600);
    int path = url.indexOf('/', 8);
    int place = path + Math.floorMod(at, url.length() - path);
    String changed = url.substring(0, place) + with + url.substring(place + 1);
    // Encoded otherwise it is the same request.
    boolean isSame =
        String.valueOf(with).equalsIgnoreCase(url.substring(place, place + 1))
            && url.lastIndexOf('%', place) >= place - 2;

    SignatureCheck.Verdict verdict = judge("GET", changed, Map.of(), NOW_SEC);

    assertThat(verdict == GOOD).isEqualTo(isSame || changed.equals(url));
  }

  @Test
  void headersThatWereSignedMustComeAsSigned() {
    String url = signer.sign(UrlRequest.put("k", 4, "text/plain", "hash"), NOW_SEC, 600);
    Map<String, String> sent =
        Map.of("content-length", "4", "content-type", "text/plain", UrlRequest.SHA256, "hash");

    assertThat(judge("PUT", url, sent, NOW_SEC)).isEqualTo(GOOD);
    for (String name : sent.keySet()) {
      Map<String, String> other = new HashMap<>(sent);
      other.put(name, "5");
      assertThat(judge("PUT", url, other, NOW_SEC)).isEqualTo(WRONG);
      other.remove(name);
      assertThat(judge("PUT", url, other, NOW_SEC)).isEqualTo(WRONG);
    }
    Map<String, String> more = new HashMap<>(sent);
    more.put("x-amz-acl", "public-read");
    assertThat(judge("PUT", url, more, NOW_SEC)).isEqualTo(WRONG);
    assertThat(judge("GET", url, sent, NOW_SEC)).isEqualTo(WRONG);
  }

  @Test
  void onlyOurKeyRegionAndTimeCount() {
    UrlRequest request = UrlRequest.delete("k");
    BucketAddress address = BucketAddress.of(URI.create("http://" + HOST), "parley", true);
    AccessKey other = new AccessKey("AKID", "another-secret");

    assertThat(judge("DELETE", "http://" + HOST + "/parley/k", Map.of(), NOW_SEC))
        .isEqualTo(UNSIGNED);
    assertThat(delete(new QuerySigner(address, other, "local"), request)).isEqualTo(WRONG);
    assertThat(delete(new QuerySigner(address, KEY, "eu"), request)).isEqualTo(FOREIGN);
    assertThat(judge("DELETE", signer.sign(request, NOW_SEC + 901, 60), Map.of(), NOW_SEC))
        .isEqualTo(TOO_EARLY);
  }

  private SignatureCheck.@Nullable Verdict delete(QuerySigner with, UrlRequest request) {
    return judge("DELETE", with.sign(request, NOW_SEC, 60), Map.of(), NOW_SEC);
  }

  private SignatureCheck.@Nullable Verdict judge(
      String method, String url, Map<String, String> headers, long nowSec) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("host", HOST);
    int path = url.indexOf('/', 8);
    int query = url.indexOf('?');
    SignedRequest request =
        query < path
            ? SignedRequest.parse(method, url.substring(path), null, all)
            : SignedRequest.parse(
                method, url.substring(path, query), url.substring(query + 1), all);
    return request == null ? null : check.check(request, nowSec);
  }
}
