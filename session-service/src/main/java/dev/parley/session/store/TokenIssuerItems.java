package dev.parley.session.store;

import dev.parley.session.access.TokenIssuer;
import dev.parley.session.access.TokenIssuerStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Token issuers as items of the table {@code ops}, those of a tenant in one partition. */
public final class TokenIssuerItems implements TokenIssuerStore {
  private static final int PAGE_SIZE = 100;

  private final ItemStore items;

  public TokenIssuerItems(ItemStore items) {
    this.items = items;
  }

  @Override
  public @Nullable TokenIssuer tokenIssuer(String tenant, String id) {
    Item item = items.get(key(tenant, id));
    return item == null ? null : ItemJson.read(item, TokenIssuer.class);
  }

  @Override
  public List<TokenIssuer> tokenIssuers(String tenant) {
    List<TokenIssuer> issuers = new ArrayList<>();
    ItemRange range = ItemRange.all(partition(tenant), PAGE_SIZE);
    for (ItemPage page = items.query(range); ; ) {
      page.items().forEach(item -> issuers.add(ItemJson.read(item, TokenIssuer.class)));
      if (page.next() == null) {
        return issuers;
      }
      page = items.query(range.after(page.next()));
    }
  }

  @Override
  public boolean addTokenIssuer(TokenIssuer issuer) {
    ItemKey key = key(issuer.tenant(), issuer.id());
    return items.create(new Item(key, 1, Map.of(), ItemJson.write(issuer)))
        instanceof WriteResult.Written;
  }

  @Override
  public boolean removeTokenIssuer(String tenant, String id) {
    return items.delete(key(tenant, id), 1) instanceof WriteResult.Written;
  }

  private static ItemKey key(String tenant, String id) {
    return new ItemKey(partition(tenant), KeyText.hash(id));
  }

  /** Either part may come from outside, and not all text fits a key. */
  private static String partition(String tenant) {
    return "TI#" + KeyText.hash(tenant);
  }
}
