package dev.parley.media.door;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever is asked for is judged, never thrown at; and what is taken is what was asked for. */
final class DoorPathFuzzTest {

  @FuzzTest
  void everyPathIsJudged(FuzzedDataProvider data) {
    String base = data.consumeBoolean() ? "/media" : "";
    String path = data.consumeRemainingAsString();

    DoorPath parsed = DoorPath.parse(path, base);

    String end =
        switch (parsed) {
          case null -> "";
          case DoorPath.Offer offer -> DoorPath.OFFERS + offer.ticket();
          case DoorPath.Session session -> session.path();
        };
    if (!path.endsWith(end) || end.contains("%") || end.contains("//")) {
      throw new AssertionError(path + " was read as " + end);
    }
  }
}
