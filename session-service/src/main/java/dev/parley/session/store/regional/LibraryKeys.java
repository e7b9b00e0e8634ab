package dev.parley.session.store.regional;

import dev.parley.session.access.TextSeal;
import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.StoreUnavailableException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys by which what is about people of a region is sealed where it lies elsewhere. Each is in
 * the library of its region and in the memory of nodes, and nowhere else. Thread-safe; blocks on
 * that library until a key was read once.
 */
public final class LibraryKeys {
  private static final ItemKey PLACE = new ItemKey("SEAL", "KEY");
  private static final int BYTES = 32;

  /** So long nobody waits again for a library that did not answer. */
  private static final long PAUSE_NS = Duration.ofSeconds(5).toNanos();

  private final SecureRandom random = new SecureRandom();
  private final @Nullable String own;
  private final SortedMap<String, ItemStore> libraries;
  private final LongSupplier nanoTime;
  private final Map<String, TextSeal> seals = new ConcurrentHashMap<>();
  private final Map<String, Long> missedAtNs = new ConcurrentHashMap<>();

  /**
   * Takes what it needs.
   *
   * @param own the primary's region, as policies name it, or null if they cannot
   * @param libraries of the other regions
   * @param nanoTime monotonic time in nanoseconds
   */
  public LibraryKeys(
      @Nullable String own, SortedMap<String, ItemStore> libraries, LongSupplier nanoTime) {
    this.own = own;
    this.libraries = new TreeMap<>(libraries);
    this.nanoTime = nanoTime;
  }

  /**
   * True if what belongs to the region is sealed here, also if this node knows no library there.
   */
  boolean isElsewhere(String region) {
    return !region.equals(own);
  }

  /**
   * Returns what seals with the region's key, which is made if there is none yet.
   *
   * @throws StoreUnavailableException if its library does not answer
   */
  TextSeal seal(String region) {
    TextSeal known = seals.get(region);
    if (known != null) {
      return known;
    }
    ItemStore library = libraries.get(region);
    Long missedAt = missedAtNs.get(region);
    if (library == null || (missedAt != null && nanoTime.getAsLong() - missedAt < PAUSE_NS)) {
      throw new StoreUnavailableException("the key of the region " + region + " is away", null);
    }
    try {
      TextSeal seal = new TextSeal(readOrMake(library));
      seals.put(region, seal);
      return seal;
    } catch (StoreUnavailableException e) {
      missedAtNs.put(region, nanoTime.getAsLong());
      throw e;
    }
  }

  private byte[] readOrMake(ItemStore library) {
    Item there = library.get(PLACE);
    if (there == null) {
      byte[] made = new byte[BYTES];
      random.nextBytes(made);
      // If another node was faster, its key is the one.
      library.create(
          new Item(PLACE, 1, Map.of(), '"' + Base64.getEncoder().encodeToString(made) + '"'));
      there = library.get(PLACE);
    }
    return decoded(there);
  }

  private static byte[] decoded(@Nullable Item item) {
    if (item == null) {
      throw new StoreUnavailableException("the key of a region did not stay in its library", null);
    }
    return Base64.getDecoder().decode(item.body().substring(1, item.body().length() - 1));
  }
}
