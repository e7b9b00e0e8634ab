package dev.parley.session.media;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The names a media server's certificate gives it: its common name and its DNS names. */
final class CertificateNames {
  private static final int DNS_NAME = 2;

  private CertificateNames() {}

  static Set<String> of(X509Certificate certificate) {
    Set<String> names = new HashSet<>();
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          names.add(String.valueOf(part.getValue()));
        }
      }
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          if (Integer.valueOf(DNS_NAME).equals(alternative.get(0))) {
            names.add(String.valueOf(alternative.get(1)));
          }
        }
      }
    } catch (InvalidNameException | CertificateParsingException _) {
      // A certificate we cannot read names nobody.
      return Set.of();
    }
    return names;
  }
}
