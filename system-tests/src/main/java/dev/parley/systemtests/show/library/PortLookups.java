package dev.parley.systemtests.show.library;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.s3.AccessKey;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.session.conference.Notice;
import dev.parley.session.conference.NoticeSink;
import dev.parley.session.conference.NoticeType;
import dev.parley.session.conference.Notices;
import dev.parley.session.library.Library;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.ObjectIds;
import dev.parley.session.library.ObjectKind;
import dev.parley.session.library.ObjectRules;
import dev.parley.session.library.ObjectState;
import dev.parley.session.library.Outcome;
import dev.parley.session.object.ObjectStores;
import dev.parley.session.object.StoreKind;
import dev.parley.session.object.StoreName;
import dev.parley.session.object.s3.S3Store;
import dev.parley.session.placement.ResidencyPolicies;
import dev.parley.session.store.ConferenceItems;
import dev.parley.session.store.LibraryItems;
import dev.parley.session.store.ResidencyItems;
import dev.parley.session.store.Table;
import dev.parley.session.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Finding objects and signing links to them, at the Library's port, facts in a file. One thread.
 */
final class PortLookups implements AutoCloseable {
  private static final String TENANT = "acme";
  private static final Duration GOOD_FOR = Duration.ofMinutes(10);
  private static final int WRITERS = 64;

  private final HttpClient http = HttpClient.newHttpClient();
  private final EmbeddedStore file;
  private final Library library;
  private final String[] ids;

  /**
   * Fills a file.
   *
   * @param objects how many there are to be found
   */
  PortLookups(Path path, int objects) throws InterruptedException {
    ids = new String[objects];
    file = EmbeddedStore.open(path);
    LibraryItems items = new LibraryItems(file.table(Table.LIBRARY));
    QuerySigner signer =
        new QuerySigner(
            BucketAddress.of(URI.create("https://s3.example.com"), "bucket", true),
            new AccessKey("AKIDEXAMPLE", "secret-of-it"),
            "eu-central-1");
    StoreName name = new StoreName(Shelf.STORE, StoreKind.S3, Shelf.REGION);
    Notices notices =
        new Notices(
            new ConferenceItems(file.table(Table.CORE)),
            Clock.systemUTC(),
            new Nobody(),
            Runnable::run);
    library =
        new Library(
            items,
            new ObjectStores(List.of(new S3Store(name, signer, signer, http, Clock.systemUTC()))),
            new ObjectIds(new byte[32]),
            new ObjectRules(
                new ResidencyPolicies(
                    new ResidencyItems(file.table(Table.OPS)), Clock.systemUTC())),
            Clock.systemUTC(),
            new Library.Hearers(notices, (_, _) -> {}));
    fill(items);
  }

  /** Many at once, for each waits until it is on the disk. */
  private void fill(LibraryItems items) throws InterruptedException {
    Thread[] writers = new Thread[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
      int first = i;
      writers[i] =
          Thread.ofVirtual()
              .start(() -> {
                for (int number = first; number < ids.length; number += WRITERS) {
                  LibraryObject object = object(number);
                  ids[number] = object.id();
                  if (items.write(object) == null) {
                    throw new IllegalStateException("there is one already: " + object.id());
                  }
                }
              });
    }
    for (Thread writer : writers) {
      writer.join();
    }
  }

  private static LibraryObject object(int number) {
    return Shelf.object(number, TENANT, ObjectKind.FILE, ObjectState.AVAILABLE, Map.of());
  }

  /** Returns how many links were signed in that time, each for an object drawn anew. */
  long run(Duration time) throws IOException {
    Random random = new Random(11);
    long endNs = System.nanoTime() + time.toNanos();
    long count = 0;
    while (System.nanoTime() < endNs) {
      LibraryObject object = library.find(TENANT, ids[random.nextInt(ids.length)]);
      if (object == null
          || !(library.link(object, GOOD_FOR, PortLookups::disposition)
              instanceof Outcome.Done<Library.Link>(Library.Link link))
          || !link.url().contains(object.id())) {
        throw new IOException("no link to an object that is there");
      }
      count++;
    }
    return count;
  }

  private static String disposition(LibraryObject object) {
    return "attachment; filename=\"" + object.label().name() + "\"";
  }

  @Override
  public void close() {
    file.close();
    http.close();
  }

  /** Objects here belong to no conference, so nobody is told of them. */
  private static final class Nobody implements NoticeSink {
    @Override
    public boolean wants(String tenant, NoticeType type) {
      return false;
    }

    @Override
    public void accept(String tenant, ConferenceId conference, List<Notice> notices) {}
  }
}
