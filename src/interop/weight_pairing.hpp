#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "interop/weight_layers.hpp"

namespace ganymede::interop {

/// Which layer of a file is which of a network: by a table, by name, or in order within a kind.
class WeightPairing {
 public:
  WeightPairing(const net::Network& network, std::vector<WeightLayer> ours, std::vector<WeightLayer> theirs);

  /// Pairs what the table names. @throws DataError for a name that is on neither side, and where two lead to one.
  void take_table(const NameTable& table, const NamedTensors& given);
  void leave_out_all_but(const std::string& prefix);
  /// Pairs all that the table left, if the file has every layer of it under one prefix; else nothing, and false.
  /// @throws DataError where several prefixes have them all.
  bool pair_by_name(const std::string& given_prefix);
  /// Pairs what the table left: the layers of each kind, in the order of their names and of the network.
  void pair_in_order(WeightLayout layout);

  const std::vector<WeightLayer>& ours() const { return ours_; }
  const std::vector<WeightLayer>& theirs() const { return theirs_; }
  /// Their layer for one of ours; null without one.
  const WeightLayer* partner(const WeightLayer& ours) const;
  /// The tensor of the file that is paired with a tensor of ours; "" without one.
  std::string tensor_for(const WeightLayer& ours, const std::string& suffix) const;
  bool is_unwanted(const WeightLayer& theirs, const std::string& whole) const;
  /// "by name", "by name under generator.", "in order"
  const std::string& way() const { return way_; }

 private:
  const WeightLayer* their(const std::string& name) const;
  bool is_paired(const WeightLayer& theirs) const;
  std::vector<std::string> names_of_ours() const;
  std::vector<const WeightLayer*> waiting() const;
  std::map<std::string, std::string> found_under(const std::string& prefix) const;

  const net::Network& network_;
  std::vector<WeightLayer> ours_, theirs_;
  std::map<std::string, std::string> partners_;  // their layer, by our name
  std::map<std::string, std::string> tensors_;   // their whole name, by ours: of tensors that the table names
  std::set<std::string> unwanted_;               // their layers and whole names
  std::string way_;
};

}  // namespace ganymede::interop
