package dev.parley.systemtests.show.library;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.s3.AccessKey;
import dev.parley.systemtests.nodes.NodeApi;
import dev.parley.testsupport.s3.S3ProxyStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A slice of {@code ./parley show library}: what it claims, but for how fast links are. */
@Timeout(120)
final class ShowLibraryIT {
  private static final long SEED = 20_261_122;

  @TempDir Path folder;

  @Test
  void linksAreSignedOverHttpAndOthersRefusedByTheStore() throws Exception {
    try (LibraryNode node = new LibraryNode(folder)) {
      Path ids = folder.resolve("ids");
      Files.write(ids, node.objects(20));
      List<Duration> brief = List.of(Duration.ofMillis(500), Duration.ofSeconds(1));

      JsonNode one = LibraryDemonstration.load(node, "LINK", ids, 4, brief);
      JsonNode many = LibraryDemonstration.load(node, "BATCH", ids, 1, brief);

      assertThat(one.path("failures")).isEmpty();
      assertThat(one.path("signed").asInt()).isPositive();
      assertThat(many.path("failures")).isEmpty();
      try (SignedUrls urls = new SignedUrls(node.place())) {
        SignedUrls.Result result = urls.run(5, SEED);
        assertThat(result.leaks()).isEmpty();
        assertThat(result.refused()).isEqualTo(45);
      }
    }
  }

  @Test
  void othersWorkRefusesThemToo() throws Exception {
    try (S3ProxyStore proxy = S3ProxyStore.start(folder);
        SignedUrls urls =
            new SignedUrls(
                new SignedUrls.Place(
                    proxy.endpoint(),
                    S3ProxyStore.BUCKET,
                    new AccessKey(S3ProxyStore.KEY_ID, S3ProxyStore.SECRET),
                    S3ProxyStore.REGION))) {
      assertThat(urls.run(5, SEED).leaks()).isEmpty();
    }
  }

  @Test
  void linksAreSignedAtThePort() throws Exception {
    try (PortLookups port = new PortLookups(folder.resolve("port.rocksdb"), 100)) {
      assertThat(port.run(Duration.ofMillis(300))).isPositive();
    }
  }

  @Test
  void usageIsTheSameByRollUpsAndByReadingAllAndThereSeventeenTimesAsSoon() throws Exception {
    UsageScan.Result result = UsageScan.of(30_000);

    assertThat(result.areEqual()).isTrue();
    assertThat(result.times()).isGreaterThan(17);
  }

  @Test
  void nothingLiesWhereNoPolicyPermitsIt() throws Exception {
    try (LibraryNode node = new LibraryNode(folder, List.of("na", "eu"));
        NodeApi api = new NodeApi(node.api())) {
      ResidencyCases cases =
          new ResidencyCases(
              ResidencyCases.Door.of(api), node.keysOfTenants(3), LibraryNode.LIBRARIES, SEED);

      ResidencyCases.Result result = cases.run(50);

      assertThat(result.leaks()).isEmpty();
      assertThat(result.refusedTooMuch()).isEmpty();
    }
  }

  @Test
  void everyStoreFindsWhatAPlainListHas() throws Exception {
    try (TagSearches stores = new TagSearches(SEED)) {
      TagSearches.Result result = stores.run(60);

      assertThat(result.hits()).isPositive();
      assertThat(result.differences())
          .hasSize(2)
          .allSatisfy((store, told) -> assertThat(told).as(store).isEmpty());
    }
  }
}
