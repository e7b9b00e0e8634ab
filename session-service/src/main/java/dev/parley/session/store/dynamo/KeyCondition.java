package dev.parley.session.store.dynamo;

import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemRange;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A range as DynamoDB can say it: one partition, and sort keys from one to another, both included.
 * Who asks leaves out the ends that the range excludes.
 *
 * @param names what the expression's #p and #s stand for
 * @param values what its :p, :from and :to stand for
 */
record KeyCondition(
    String expression, Map<String, String> names, Map<String, AttributeValue> values) {

  /**
   * Makes the condition.
   *
   * @param index the index whose keys these are, or null for the table's own
   * @return null if no key can meet it, which DynamoDB would call an error
   */
  static @Nullable KeyCondition of(ItemRange range, @Nullable String index) {
    String from = range.from();
    String to = range.to();
    ItemKey after = range.after();
    if (after != null && range.descending()) {
      to = to == null || after.sort().compareTo(to) < 0 ? after.sort() : to;
    } else if (after != null) {
      from = from == null || after.sort().compareTo(from) > 0 ? after.sort() : from;
    }
    if (from != null && to != null && from.compareTo(to) >= 0) {
      return null;
    }
    Map<String, String> names = new HashMap<>();
    Map<String, AttributeValue> values = new HashMap<>();
    names.put("#p", index == null ? ItemAttributes.PARTITION : ItemAttributes.partition(index));
    values.put(":p", ItemAttributes.text(range.partition()));
    if (from != null || to != null) {
      names.put("#s", index == null ? ItemAttributes.SORT : ItemAttributes.sort(index));
    }
    if (from != null) {
      values.put(":from", ItemAttributes.text(from));
    }
    if (to != null) {
      values.put(":to", ItemAttributes.text(to));
    }
    return new KeyCondition("#p = :p" + bounds(from, to), names, values);
  }

  private static String bounds(@Nullable String from, @Nullable String to) {
    if (from == null) {
      return to == null ? "" : " AND #s <= :to";
    }
    return to == null ? " AND #s >= :from" : " AND #s BETWEEN :from AND :to";
  }
}
