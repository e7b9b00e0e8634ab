package dev.parley.benchmarks.session;

import dev.parley.common.s3.AccessKey;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.common.s3.UrlRequest;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** A signed URL for reading one object: ours, and the AWS SDK's of the same bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PresignBenchmark {
  private static final URI ENDPOINT = URI.create("https://s3.example.com");
  private static final String DISPOSITION = "attachment; filename=\"plan.pdf\"";
  private static final long START_SEC = 1_795_000_000;

  /** A URL is signed for its second; so many are signed within one. */
  private static final int IN_A_SECOND = 10_000;

  private final QuerySigner signer =
      new QuerySigner(
          BucketAddress.of(ENDPOINT, "bucket", true),
          new AccessKey("AKIDEXAMPLE", "secret-of-it"),
          "eu-central-1");
  private final S3Presigner sdk =
      S3Presigner.builder()
          .endpointOverride(ENDPOINT)
          .region(Region.EU_CENTRAL_1)
          .credentialsProvider(
              StaticCredentialsProvider.create(
                  AwsBasicCredentials.create("AKIDEXAMPLE", "secret-of-it")))
          .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
          .build();
  private int number;

  /** Ours. */
  @Benchmark
  public String ours() {
    number++;
    UrlRequest request = UrlRequest.get("ob_" + number, DISPOSITION, null);
    return signer.sign(request, START_SEC + number / IN_A_SECOND, 600);
  }

  /** The SDK's. */
  @Benchmark
  public String sdk() {
    String key = "ob_" + number++;
    return sdk.presignGetObject(wish ->
            wish.signatureDuration(Duration.ofMinutes(10))
                .getObjectRequest(
                    get -> get.bucket("bucket").key(key).responseContentDisposition(DISPOSITION)))
        .url()
        .toString();
  }

  /** Ends the SDK's threads. */
  @TearDown
  public void close() {
    sdk.close();
  }
}
