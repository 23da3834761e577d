"""Who takes customers' money by a code on a screen: WeChat Pay and Alipay behind one port."""
